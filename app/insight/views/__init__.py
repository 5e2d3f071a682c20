"""Pages of figures and logs, a module for each; the blueprint is in `blueprint`."""
