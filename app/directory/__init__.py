"""Organizations of both sides, countries and regions, prefectures."""
