"""The eval harness: golden data, runs, scores and reports."""
