"""The kernel: mechanisms every feature stands on. It knows no feature."""
