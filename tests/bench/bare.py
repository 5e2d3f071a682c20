"""The bare page everything is measured against: plain Flask, an indexed query through the driver, 50 rows."""

import os
import sqlite3

import psycopg
from flask import Flask

PAGE = """<!doctype html><html lang="en"><head><title>Bare</title></head><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}
</table></body></html>"""
QUERY = (
    "SELECT public_id, surname, given_names, native_name, nationality, category, affiliation, fiscal_year "
    "FROM invitee ORDER BY id DESC LIMIT 50"
)

app = Flask(__name__)
url = os.environ["DATABASE_URL"]
if url.startswith("sqlite:///"):
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False)
else:
    connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
template = app.jinja_env.from_string(PAGE)


@app.get("/")
def page() -> str:
    return template.render(rows=connection.execute(QUERY).fetchall())
