"""The application that a fresh deployment runs until yours takes its place."""
