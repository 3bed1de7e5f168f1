"""The sample behind a serverless API: items, their events and long jobs in one DynamoDB table; libraries that any function may use."""
