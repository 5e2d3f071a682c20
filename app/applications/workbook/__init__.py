"""The exchange plan as a workbook: its layout, writing, reading, comparing. Nothing here stores anything."""
