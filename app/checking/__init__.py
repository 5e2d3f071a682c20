"""形式確認: the formal check of plans that came in, before experts read them."""
