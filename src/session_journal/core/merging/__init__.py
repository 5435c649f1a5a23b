"""The three-way merge of two journals: no line lost, the same result on every machine, no conflict markers."""

from session_journal.core.merging.around import MergeText
from session_journal.core.merging.trees import Contents, Merged, Resolution, Tree, merge_trees

__all__ = ["Contents", "MergeText", "Merged", "Resolution", "Tree", "merge_trees"]
