"""Lets `scrapyd-deploy` build the egg, which needs a setup.py; everything is in pyproject.toml."""

from setuptools import setup

setup()
