"""The kernel of Industry Brain: records, embedding, published versions and retrieval, shared by every program."""
