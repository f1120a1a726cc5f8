terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

resource "aws_iam_policy" "yagura" {
  name_prefix = "yagura-"
  description = "Lets Yagura read logs"
  policy      = jsonencode({
    "Version": "2012-10-17",
    "Statement": [
      {
        "Sid": "ListLogs",
        "Effect": "Allow",
        "Action": [
          "s3:ListBucket"
        ],
        "Resource": "arn:aws:s3:::trail-logs"
      },
      {
        "Sid": "ReadLogs",
        "Effect": "Allow",
        "Action": [
          "s3:GetObject"
        ],
        "Resource": "arn:aws:s3:::trail-logs/*"
      }
    ]
  })
}

output "policy_arn" {
  description = "Attach it to what runs Yagura."
  value       = aws_iam_policy.yagura.arn
}
