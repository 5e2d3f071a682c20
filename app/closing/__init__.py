"""After the visit: the report, and a certificate for everyone who took part."""
