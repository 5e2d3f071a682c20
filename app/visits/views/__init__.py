"""Pages of visits, a module for each cluster; the blueprint is in `blueprint`."""
