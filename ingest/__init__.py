"""Sources become a published version: discover, fetch, extract, screen, split, mine, embed, publish."""
