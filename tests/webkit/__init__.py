"""The page in WebKit, Safari's engine, driven by WebDriver."""
