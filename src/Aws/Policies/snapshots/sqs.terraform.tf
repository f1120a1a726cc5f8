terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

resource "aws_iam_role" "yagura" {
  name_prefix        = "yagura-"
  description        = "Lets Yagura read logs"
  assume_role_policy = jsonencode({
    "Version": "2012-10-17",
    "Statement": [
      {
        "Effect": "Allow",
        "Principal": {
          "AWS": "arn:aws:iam::444455556666:role/yagura"
        },
        "Action": "sts:AssumeRole"
      }
    ]
  })
}

resource "aws_iam_role_policy" "yagura" {
  name_prefix = "yagura-"
  role        = aws_iam_role.yagura.id
  policy      = jsonencode({
    "Version": "2012-10-17",
    "Statement": [
      {
        "Sid": "HearOfLogs",
        "Effect": "Allow",
        "Action": [
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:ReceiveMessage"
        ],
        "Resource": "arn:aws:sqs:eu-west-1:111122223333:trail-logs"
      },
      {
        "Sid": "ReadLogs",
        "Effect": "Allow",
        "Action": [
          "s3:GetObject"
        ],
        "Resource": "arn:aws:s3:::trail-logs/AWSLogs/*"
      },
      {
        "Sid": "CheckDigests",
        "Effect": "Allow",
        "Action": [
          "cloudtrail:ListPublicKeys"
        ],
        "Resource": "*"
      }
    ]
  })
}

output "role_arn" {
  description = "The role of the source."
  value       = aws_iam_role.yagura.arn
}

resource "aws_sqs_queue" "logs" {
  name                      = "trail-logs"
  message_retention_seconds = 1209600
  receive_wait_time_seconds = 20
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "logs" {
  queue_url = aws_sqs_queue.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EventBridgeTells"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.logs.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.logs.arn } }
    }]
  })
}

# The bucket has to send its events to EventBridge.
resource "aws_cloudwatch_event_rule" "logs" {
  name_prefix   = "yagura-"
  description   = "Tells Yagura of new logs"
  event_pattern = jsonencode({
    "source": [
      "aws.s3"
    ],
    "detail-type": [
      "Object Created"
    ],
    "detail": {
      "bucket": {
        "name": [
          "trail-logs"
        ]
      },
      "object": {
        "key": [
          {
            "prefix": "AWSLogs/"
          }
        ]
      }
    }
  })
}

resource "aws_cloudwatch_event_target" "logs" {
  rule = aws_cloudwatch_event_rule.logs.name
  arn  = aws_sqs_queue.logs.arn
}

output "queue_url" {
  description = "The queue of the source."
  value       = aws_sqs_queue.logs.id
}
