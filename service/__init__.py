"""Cited question sets and answers from a published version, over REST and from the shell."""
