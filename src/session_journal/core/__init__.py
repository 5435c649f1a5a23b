"""The pure heart: values in, values out; no clock, disk, environment or network."""
