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
        "Action": "sts:AssumeRole",
        "Condition": {
          "StringEquals": {
            "sts:ExternalId": "an-example"
          }
        }
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
        "Sid": "ListLogs",
        "Effect": "Allow",
        "Action": [
          "s3:ListBucket"
        ],
        "Resource": "arn:aws:s3:::trail-logs",
        "Condition": {
          "StringLike": {
            "s3:prefix": "logs $${$}{x} %%{y} \"$${*}$${?}/*"
          }
        }
      },
      {
        "Sid": "ReadLogs",
        "Effect": "Allow",
        "Action": [
          "s3:GetObject"
        ],
        "Resource": "arn:aws:s3:::trail-logs/logs $${$}{x} %%{y} \"$${*}$${?}/*"
      },
      {
        "Sid": "DecryptLogs",
        "Effect": "Allow",
        "Action": [
          "kms:Decrypt"
        ],
        "Resource": "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"
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
