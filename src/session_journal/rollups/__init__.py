"""What a week, a month or a quarter says: one module per period."""
