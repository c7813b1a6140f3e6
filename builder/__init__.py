"""The build: what build.py does once it runs inside .venv."""
