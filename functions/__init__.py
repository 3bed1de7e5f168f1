"""What runs in AWS Lambda or on servers, and libraries for applications: plain Python and boto3, a folder for each."""
