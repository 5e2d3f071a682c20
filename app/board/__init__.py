"""The panel's board: all plans of a round in one order, and what adopting those above a budget line would come to."""
