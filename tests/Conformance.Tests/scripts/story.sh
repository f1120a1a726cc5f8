#!/usr/bin/env bash
# What a user does with the real service, with only --endpoint-url changed. Environment: ENDPOINT, LIST, DESTINATION, and AWS's own for keys and region.
set -euo pipefail

guardduty() { aws guardduty --endpoint-url "$ENDPOINT" --output text "$@"; }
fail() { echo "$1" >&2; exit 1; }

[[ $(aws sts --endpoint-url "$ENDPOINT" get-caller-identity --query Account --output text) == 111122223333 ]] || fail 'another account'

detector=$(guardduty create-detector --enable --finding-publishing-frequency FIFTEEN_MINUTES --query DetectorId)
[[ $(guardduty list-detectors --query 'DetectorIds[0]') == "$detector" ]] || fail 'the detector is not listed'

set=$(guardduty create-ip-set --detector-id "$detector" --name offices --format TXT --location "$LIST" --activate --query IpSetId)
for _ in $(seq 50); do
  status=$(guardduty get-ip-set --detector-id "$detector" --ip-set-id "$set" --query Status)
  [[ $status == ACTIVE ]] && break
  sleep 0.2
done
[[ $status == ACTIVE ]] || fail "the IP set is $status"

guardduty create-filter --detector-id "$detector" --name scanners --action ARCHIVE --rank 1 \
  --finding-criteria '{"Criterion":{"type":{"Equals":["Recon:EC2/Portscan"]},"resource.instanceDetails.tags.value":{"Equals":["scanner"]}}}' > /dev/null

guardduty create-sample-findings --detector-id "$detector" --finding-types UnauthorizedAccess:EC2/SSHBruteForce 'Backdoor:EC2/C&CActivity.B!DNS' Recon:EC2/Portscan
high='{"Criterion":{"severity":{"Gte":7},"service.archived":{"Eq":["false"]}}}'
ids=$(guardduty list-findings --detector-id "$detector" --finding-criteria "$high" --sort-criteria '{"AttributeName":"severity","OrderBy":"DESC"}' --query FindingIds)
[[ $(wc -w <<< "$ids") == 1 ]] || fail "high findings: $ids"
[[ $(guardduty get-findings --detector-id "$detector" --finding-ids $ids --query 'Findings[0].Type') == 'Backdoor:EC2/C&CActivity.B!DNS' ]] || fail 'another finding'

guardduty archive-findings --detector-id "$detector" --finding-ids $ids
[[ -z $(guardduty list-findings --detector-id "$detector" --finding-criteria "$high" --query FindingIds) ]] || fail 'the finding is not archived'

destination=$(guardduty create-publishing-destination --detector-id "$detector" --destination-type S3 \
  --destination-properties "DestinationArn=$DESTINATION,KmsKeyArn=arn:aws:kms:eu-west-1:111122223333:key/1" --query DestinationId)
guardduty describe-publishing-destination --detector-id "$detector" --destination-id "$destination" > /dev/null
guardduty delete-detector --detector-id "$detector"
echo 'story told'
