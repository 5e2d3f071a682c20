"""The papers of the programme as PDF: what each holds, its words, its Typst template."""
