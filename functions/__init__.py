"""Code that runs in AWS Lambda: plain Python and boto3, one folder a function. `handler.py` of a folder is all that is deployed of it."""
