"""An API without servers: routes of API Gateway to functions, a DynamoDB table that both regions write, queues for what takes long."""
