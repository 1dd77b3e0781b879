"""Tests of the plugin that trains."""
