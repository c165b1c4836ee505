"""Tests of long commands in the background."""
