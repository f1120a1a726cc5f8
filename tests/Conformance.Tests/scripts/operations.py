"""Calls every operation of GuardDuty's model through boto3, and holds each answer against the model.

Environment: ENDPOINT; KEYS, a JSON map of account to [access key id, secret]; LIST, the URL of a list of addresses; DESTINATION, the ARN of a bucket.
"""
import json
import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from shapes import Checker

ADMIN, MEMBER, OTHER = "111122223333", "444455556666", "777788889999"
REGION = "eu-west-1"
keys = json.loads(os.environ["KEYS"])
checker = Checker()


def client(account, region=REGION):
    key, secret = keys[account]
    return checker.watch(boto3.client(
        "guardduty", endpoint_url=os.environ["ENDPOINT"], region_name=region, aws_access_key_id=key, aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 1, "mode": "standard"})))


def same(actual, expected, what):
    if actual != expected:
        sys.exit(f"{what}: {actual!r}, expected {expected!r}")


def refused(code, call, *args, **kwargs):
    """The call must be refused with this code."""
    try:
        call(*args, **kwargs)
    except ClientError as error:
        same(error.response["Error"]["Code"], code, f"{error}")
        return str(error)
    return sys.exit(f"{call.__name__} was not refused with {code}")


def until(read, *wanted):
    """What the call answers, once it is one of what is wanted."""
    for _ in range(100):
        value = read()
        if value in wanted:
            return value
        time.sleep(0.1)
    return sys.exit(f"still {value!r}, expected one of {wanted}")


def paged(api, operation, result, **kwargs):
    """All results, two to a page."""
    return api.get_paginator(operation).paginate(PaginationConfig={"PageSize": 2}, **kwargs).build_full_result()[result]


def detectors(api):
    same(api.list_detectors()["DetectorIds"], [], "detectors at first")
    token = "the-same-token"
    detector = api.create_detector(Enable=True, ClientToken=token, Tags={"team": "blue"}, FindingPublishingFrequency="ONE_HOUR")["DetectorId"]
    same(api.create_detector(Enable=True, ClientToken=token, Tags={"team": "blue"}, FindingPublishingFrequency="ONE_HOUR")["DetectorId"], detector, "the same call once more")
    refused("BadRequestException", api.create_detector, Enable=False, ClientToken=token)
    assert "already exists" in refused("BadRequestException", api.create_detector, Enable=True)
    same(paged(api, "list_detectors", "DetectorIds"), [detector], "detectors")
    api.update_detector(DetectorId=detector, FindingPublishingFrequency="FIFTEEN_MINUTES", Features=[
        {"Name": "S3_DATA_EVENTS", "Status": "DISABLED"},
        {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": [{"Name": "EC2_AGENT_MANAGEMENT", "Status": "ENABLED"}]}])
    found = api.get_detector(DetectorId=detector)
    same((found["Status"], found["FindingPublishingFrequency"], found["Tags"]), ("ENABLED", "FIFTEEN_MINUTES", {"team": "blue"}), "detector")
    same(found["DataSources"]["S3Logs"]["Status"], "DISABLED", "S3 logs, in the old words")
    same({feature["Name"]: feature["Status"] for feature in found["Features"]}["RUNTIME_MONITORING"], "ENABLED", "runtime monitoring")
    api.update_detector(DetectorId=detector, DataSources={"S3Logs": {"Enable": True}, "Kubernetes": {"AuditLogs": {"Enable": False}}, "MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": True}}})
    same({feature["Name"]: feature["Status"] for feature in api.get_detector(DetectorId=detector)["Features"]}["EKS_AUDIT_LOGS"], "DISABLED", "EKS audit logs")
    assert "not owned" in refused("BadRequestException", api.get_detector, DetectorId="12abc34d567e8fa901bc2d34e56789f0")
    same(client(ADMIN, "us-east-1").list_detectors()["DetectorIds"], [], "detectors of another region")
    return detector


def findings(api, detector):
    api.create_sample_findings(DetectorId=detector)
    api.create_sample_findings(DetectorId=detector, FindingTypes=["Recon:EC2/Portscan"])
    refused("BadRequestException", api.create_sample_findings, DetectorId=detector, FindingTypes=["No:Such/Type"])
    everything = api.get_paginator("list_findings").paginate(DetectorId=detector).build_full_result()["FindingIds"]
    assert len(everything) > 200 and len(set(everything)) == len(everything), len(everything)
    same(len(paged(api, "list_findings", "FindingIds", DetectorId=detector, FindingCriteria={"Criterion": {"type": {"Eq": ["Recon:EC2/Portscan", "Recon:EC2/PortProbeUnprotectedPort"]}}})), 2, "findings of two types")
    for start in range(0, len(everything), 50):
        same([finding["Id"] for finding in api.get_findings(DetectorId=detector, FindingIds=everything[start:start + 50])["Findings"]], everything[start:start + 50], "findings by id")
    criteria = {"Criterion": {"type": {"Equals": ["Recon:EC2/Portscan"]}, "severity": {"GreaterThanOrEqual": 4}, "service.archived": {"Equals": ["false"]}}}
    [portscan] = api.list_findings(DetectorId=detector, FindingCriteria=criteria, SortCriteria={"AttributeName": "severity", "OrderBy": "DESC"})["FindingIds"]
    [finding] = api.get_findings(DetectorId=detector, FindingIds=[portscan], SortCriteria={"AttributeName": "updatedAt", "OrderBy": "ASC"})["Findings"]
    same((finding["Type"], finding["AccountId"], finding["Service"]["Count"], finding["Service"]["DetectorId"]), ("Recon:EC2/Portscan", ADMIN, 2, detector), "finding")
    api.archive_findings(DetectorId=detector, FindingIds=[portscan])
    same(api.list_findings(DetectorId=detector, FindingCriteria=criteria)["FindingIds"], [], "current findings once it is archived")
    api.unarchive_findings(DetectorId=detector, FindingIds=[portscan])
    same(api.list_findings(DetectorId=detector, FindingCriteria=criteria)["FindingIds"], [portscan], "current findings once it is back")
    api.update_findings_feedback(DetectorId=detector, FindingIds=[portscan], Feedback="NOT_USEFUL", Comments="a test of ours")
    same(api.get_findings(DetectorId=detector, FindingIds=[portscan])["Findings"][0]["Service"]["UserFeedback"], "NOT_USEFUL", "feedback")
    counts = api.get_findings_statistics(DetectorId=detector, FindingStatisticTypes=["COUNT_BY_SEVERITY"])["FindingStatistics"]["CountBySeverity"]
    same(sum(counts.values()), len(everything), "findings by severity")
    for group in ("ACCOUNT", "DATE", "FINDING_TYPE", "RESOURCE", "SEVERITY"):
        groups = api.get_findings_statistics(DetectorId=detector, GroupBy=group, OrderBy="DESC", MaxResults=100)["FindingStatistics"]
        assert list(groups.values())[0], group
    for bad in ({"NextToken": "forged"}, {"FindingCriteria": {"Criterion": {"no.such.path": {"Eq": ["x"]}}}}, {"SortCriteria": {"AttributeName": "no.such.path"}}):
        refused("BadRequestException", api.list_findings, DetectorId=detector, **bad)


def filters(api, detector):
    criteria = {"Criterion": {"type": {"Matches": ["Recon:*"]}, "severity": {"LessThan": 4}}}
    for rank in (1, 2, 3):
        same(api.create_filter(DetectorId=detector, Name=f"filter-{rank}", Action="ARCHIVE", Rank=rank, FindingCriteria=criteria, Tags={"a": "b"})["Name"], f"filter-{rank}", "filter")
    same(paged(api, "list_filters", "FilterNames", DetectorId=detector), ["filter-1", "filter-2", "filter-3"], "filters")
    same(api.update_filter(DetectorId=detector, FilterName="filter-1", Description="of ours", Action="NOOP", Rank=7)["Name"], "filter-1", "filter")
    found = api.get_filter(DetectorId=detector, FilterName="filter-1")
    same((found["Action"], found["Rank"], found["Description"], found["FindingCriteria"], found["Tags"]), ("NOOP", 7, "of ours", criteria, {"a": "b"}), "filter")
    refused("BadRequestException", api.create_filter, DetectorId=detector, Name="filter-1", FindingCriteria=criteria)
    refused("BadRequestException", api.create_filter, DetectorId=detector, Name="bad name!", FindingCriteria=criteria)
    refused("BadRequestException", api.create_filter, DetectorId=detector, Name="filter-4", FindingCriteria={"Criterion": {"typ": {"Eq": ["x"]}}})
    api.delete_filter(DetectorId=detector, FilterName="filter-3")
    assert "no such resource found" in refused("BadRequestException", api.get_filter, DetectorId=detector, FilterName="filter-3")


def lists(api, detector, name, word, most):
    """The five operations of one kind of lists."""
    parameter, create, get = f"{word}Id", getattr(api, f"create_{name}"), getattr(api, f"get_{name}")
    location = os.environ["LIST"]
    ids = [create(DetectorId=detector, Name=f"list {n}", Format="TXT", Location=location, Activate=n == 0, Tags={"n": str(n)})[parameter] for n in range(most)]
    refused("BadRequestException", create, DetectorId=detector, Name="one too many", Format="TXT", Location=location, Activate=False)
    same(until(lambda: get(DetectorId=detector, **{parameter: ids[0]})["Status"], "ACTIVE", "ERROR"), "ACTIVE", "the list that was activated")
    same(api.get_paginator(f"list_{name}s").paginate(DetectorId=detector, PaginationConfig={"PageSize": 4}).build_full_result()[f"{word}Ids"], sorted(ids), "lists")
    getattr(api, f"update_{name}")(DetectorId=detector, Name="renamed", Activate=False, **{parameter: ids[0]})
    until(lambda: get(DetectorId=detector, **{parameter: ids[0]})["Status"], "INACTIVE")
    same(get(DetectorId=detector, **{parameter: ids[0]})["Name"], "renamed", "name")
    getattr(api, f"update_{name}")(DetectorId=detector, Location=location + ".missing", Activate=True, **{parameter: ids[0]})
    until(lambda: get(DetectorId=detector, **{parameter: ids[0]})["Status"], "ERROR")
    for identity in ids:
        getattr(api, f"delete_{name}")(DetectorId=detector, **{parameter: identity})
        until(lambda: get(DetectorId=detector, **{parameter: identity})["Status"], "DELETED")
    same(getattr(api, f"list_{name}s")(DetectorId=detector)[f"{word}Ids"], [], "lists at last")


def destinations(api, detector):
    arn, key = os.environ["DESTINATION"], "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    properties = {"DestinationArn": arn, "KmsKeyArn": key}
    destination = api.create_publishing_destination(DetectorId=detector, DestinationType="S3", DestinationProperties=properties, Tags={"a": "b"})["DestinationId"]
    until(lambda: api.describe_publishing_destination(DetectorId=detector, DestinationId=destination)["Status"], "PUBLISHING")
    same(api.list_publishing_destinations(DetectorId=detector, MaxResults=5)["Destinations"][0]["DestinationId"], destination, "destination")
    api.update_publishing_destination(DetectorId=detector, DestinationId=destination, DestinationProperties={"DestinationArn": arn + "/prefix"})
    same(api.describe_publishing_destination(DetectorId=detector, DestinationId=destination)["DestinationProperties"], {"DestinationArn": arn + "/prefix", "KmsKeyArn": key}, "properties")
    refused("BadRequestException", api.create_publishing_destination, DetectorId=detector, DestinationType="S3", DestinationProperties={"DestinationArn": "not an ARN"})
    api.delete_publishing_destination(DetectorId=detector, DestinationId=destination)
    refused("BadRequestException", api.describe_publishing_destination, DetectorId=detector, DestinationId=destination)


def members(api, detector):
    member = client(MEMBER)
    theirs = member.create_detector(Enable=True)["DetectorId"]
    accounts = [MEMBER, OTHER]
    same(api.create_members(DetectorId=detector, AccountDetails=[{"AccountId": account, "Email": f"{account}@example.com"} for account in accounts])["UnprocessedAccounts"], [], "members")
    same(api.list_members(DetectorId=detector)["Members"], [], "associated members")
    same(len(paged(api, "list_members", "Members", DetectorId=detector, OnlyAssociated="false")), 2, "members")
    same(len(api.invite_members(DetectorId=detector, AccountIds=[*accounts, "999999999999"], Message="join us")["UnprocessedAccounts"]), 1, "accounts that are no members")
    same(member.get_invitations_count()["InvitationsCount"], 1, "invitations")
    [invitation] = paged(member, "list_invitations", "Invitations")
    same(invitation["AccountId"], ADMIN, "who invites")
    refused("BadRequestException", member.accept_administrator_invitation, DetectorId=theirs, AdministratorId=ADMIN, InvitationId="not this one")
    member.accept_administrator_invitation(DetectorId=theirs, AdministratorId=ADMIN, InvitationId=invitation["InvitationId"])
    same(member.get_administrator_account(DetectorId=theirs)["Administrator"]["RelationshipStatus"], "Enabled", "administrator")
    same(member.get_master_account(DetectorId=theirs)["Master"]["AccountId"], ADMIN, "master")
    same(client(OTHER).decline_invitations(AccountIds=[ADMIN])["UnprocessedAccounts"], [], "declined")
    same(len(client(OTHER).delete_invitations(AccountIds=[ADMIN])["UnprocessedAccounts"]), 1, "deleted already")
    found = api.get_members(DetectorId=detector, AccountIds=[MEMBER, "999999999999"])
    same(([one["RelationshipStatus"] for one in found["Members"]], len(found["UnprocessedAccounts"])), (["Enabled"], 1), "members by id")
    member.create_sample_findings(DetectorId=theirs, FindingTypes=["Recon:EC2/Portscan"])
    of_member = {"Criterion": {"accountId": {"Equals": [MEMBER]}}}
    same(len(api.list_findings(DetectorId=detector, FindingCriteria=of_member)["FindingIds"]), 1, "findings of the member, seen by its administrator")
    refused("BadRequestException", member.create_filter, DetectorId=theirs, Name="not-allowed", FindingCriteria=of_member)
    api.update_member_detectors(DetectorId=detector, AccountIds=[MEMBER], Features=[{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}])
    [settings] = api.get_member_detectors(DetectorId=detector, AccountIds=[MEMBER])["MemberDataSourceConfigurations"]
    same(settings["DataSources"]["S3Logs"]["Status"], "DISABLED", "S3 logs of the member")
    api.stop_monitoring_members(DetectorId=detector, AccountIds=[MEMBER])
    same(member.get_detector(DetectorId=theirs)["Status"], "DISABLED", "detector of the member")
    api.start_monitoring_members(DetectorId=detector, AccountIds=[MEMBER])
    assert "associated members" in refused("BadRequestException", api.delete_detector, DetectorId=detector)
    same(len(api.get_remaining_free_trial_days(DetectorId=detector, AccountIds=[ADMIN, MEMBER])["Accounts"]), 2, "accounts without a trial")
    same(len(api.delete_members(DetectorId=detector, AccountIds=[MEMBER])["UnprocessedAccounts"]), 1, "members that cannot go yet")
    api.disassociate_members(DetectorId=detector, AccountIds=[MEMBER])
    api.invite_members(DetectorId=detector, AccountIds=[MEMBER])
    member.accept_invitation(DetectorId=theirs, MasterId=ADMIN, InvitationId=member.list_invitations()["Invitations"][0]["InvitationId"])
    member.disassociate_from_master_account(DetectorId=theirs)
    same(api.get_members(DetectorId=detector, AccountIds=[MEMBER])["Members"][0]["RelationshipStatus"], "Resigned", "a member that left")
    api.invite_members(DetectorId=detector, AccountIds=[MEMBER])
    member.accept_administrator_invitation(DetectorId=theirs, AdministratorId=ADMIN, InvitationId=member.list_invitations()["Invitations"][0]["InvitationId"])
    member.disassociate_from_administrator_account(DetectorId=theirs)
    same(api.delete_members(DetectorId=detector, AccountIds=accounts)["UnprocessedAccounts"], [], "members that went")
    member.delete_detector(DetectorId=theirs)


def organization(api, detector):
    management = client(OTHER)
    refused("BadRequestException", api.describe_organization_configuration, DetectorId=detector)
    management.enable_organization_admin_account(AdminAccountId=ADMIN)
    same(paged(management, "list_organization_admin_accounts", "AdminAccounts"), [{"AdminAccountId": ADMIN, "AdminStatus": "ENABLED"}], "administrators")
    api.update_organization_configuration(DetectorId=detector, AutoEnableOrganizationMembers="ALL", Features=[
        {"Name": "S3_DATA_EVENTS", "AutoEnable": "NEW"},
        {"Name": "RUNTIME_MONITORING", "AutoEnable": "ALL", "AdditionalConfiguration": [{"Name": "EC2_AGENT_MANAGEMENT", "AutoEnable": "ALL"}]}])
    found = api.describe_organization_configuration(DetectorId=detector)
    same((found["AutoEnable"], found["AutoEnableOrganizationMembers"], found["DataSources"]["S3Logs"]["AutoEnable"]), (True, "ALL", True), "organization")
    api.update_organization_configuration(DetectorId=detector, AutoEnable=True, DataSources={"S3Logs": {"AutoEnable": True}, "Kubernetes": {"AuditLogs": {"AutoEnable": False}}})
    api.create_members(DetectorId=detector, AccountDetails=[{"AccountId": MEMBER, "Email": "member@example.com"}])
    [member] = api.get_member_detectors(DetectorId=detector, AccountIds=[MEMBER])["MemberDataSourceConfigurations"]
    same({feature["Name"]: feature["Status"] for feature in member["Features"]}["RUNTIME_MONITORING"], "ENABLED", "a feature of a new member")
    same(api.get_organization_statistics()["OrganizationDetails"]["OrganizationStatistics"]["MemberAccountsCount"], 1, "members of the organization")
    refused("BadRequestException", client(MEMBER).disable_organization_admin_account, AdminAccountId=ADMIN)
    management.disable_organization_admin_account(AdminAccountId=ADMIN)
    same(management.list_organization_admin_accounts()["AdminAccounts"], [], "administrators at last")


def tags(api, detector):
    for arn in (f"arn:aws:guardduty:{REGION}:{ADMIN}:detector/{detector}", f"arn:aws:guardduty:{REGION}:{ADMIN}:detector/{detector}/filter/filter-1"):
        api.tag_resource(ResourceArn=arn, Tags={"stage": "test", "owner": "us"})
        api.untag_resource(ResourceArn=arn, TagKeys=["stage", "a", "team"])
        same(api.list_tags_for_resource(ResourceArn=arn)["Tags"], {"owner": "us"}, "tags")
    refused("BadRequestException", api.tag_resource, ResourceArn=f"arn:aws:guardduty:{REGION}:{OTHER}:detector/{detector}", Tags={"a": "b"})
    refused("BadRequestException", api.tag_resource, ResourceArn=f"arn:aws:guardduty:{REGION}:{ADMIN}:detector/{detector}", Tags={"aws:no": "b"})


def coverage_and_usage(api, detector):
    same(paged(api, "list_coverage", "Resources", DetectorId=detector), [], "covered resources")
    api.get_coverage_statistics(DetectorId=detector, StatisticsType=["COUNT_BY_RESOURCE_TYPE", "COUNT_BY_COVERAGE_STATUS"])
    for kind in ("SUM_BY_ACCOUNT", "SUM_BY_DATA_SOURCE", "SUM_BY_RESOURCE", "TOP_RESOURCES", "SUM_BY_FEATURES", "TOP_ACCOUNTS_BY_FEATURE"):
        api.get_usage_statistics(DetectorId=detector, UsageStatisticType=kind, UsageCriteria={"AccountIds": [ADMIN], "Features": ["CLOUD_TRAIL"]})


def malware(api, detector):
    plan = api.create_malware_protection_plan(Role="arn:aws:iam::111122223333:role/scan", ProtectedResource={"S3Bucket": {"BucketName": "incoming", "ObjectPrefixes": ["a/"]}}, Tags={"a": "b"})["MalwareProtectionPlanId"]
    refused("ConflictException", api.create_malware_protection_plan, Role="arn:aws:iam::111122223333:role/scan", ProtectedResource={"S3Bucket": {"BucketName": "incoming"}})
    api.update_malware_protection_plan(MalwareProtectionPlanId=plan, Actions={"Tagging": {"Status": "ENABLED"}})
    found = api.get_malware_protection_plan(MalwareProtectionPlanId=plan)
    same((found["Actions"]["Tagging"]["Status"], found["Status"], found["ProtectedResource"]["S3Bucket"]["ObjectPrefixes"]), ("ENABLED", "WARNING", ["a/"]), "plan")
    api.tag_resource(ResourceArn=found["Arn"], Tags={"c": "d"})
    same(api.list_malware_protection_plans()["MalwareProtectionPlans"], [{"MalwareProtectionPlanId": plan}], "plans")
    assert "no malware scanner" in refused("BadRequestException", api.send_object_malware_scan, S3Object={"Bucket": "incoming", "Key": "a/x"})
    checker.called.add("SendObjectMalwareScan")  # there is nothing to be sent to: that it is refused is all that can be seen
    api.delete_malware_protection_plan(MalwareProtectionPlanId=plan)
    refused("ResourceNotFoundException", api.get_malware_protection_plan, MalwareProtectionPlanId=plan)
    scans = [api.start_malware_scan(ResourceArn=f"arn:aws:ec2:{REGION}:{ADMIN}:instance/i-{n:017x}")["ScanId"] for n in range(3)]
    same(api.get_malware_scan(ScanId=scans[0])["ScanStatus"], "FAILED", "scan")
    refused("ResourceNotFoundException", api.get_malware_scan, ScanId="none")
    same(sorted(scan["ScanId"] for scan in paged(api, "list_malware_scans", "Scans")), sorted(scans), "scans")
    same(len(paged(api, "describe_malware_scans", "Scans", DetectorId=detector, FilterCriteria={"FilterCriterion": [{"CriterionKey": "SCAN_ID", "FilterCondition": {"EqualsValue": scans[1]}}]})), 1, "one scan")
    criteria = {"Include": {"EC2_INSTANCE_TAG": {"MapEquals": [{"Key": "scan", "Value": "yes"}]}}}
    api.update_malware_scan_settings(DetectorId=detector, ScanResourceCriteria=criteria, EbsSnapshotPreservation="RETENTION_WITH_FINDING")
    same(api.get_malware_scan_settings(DetectorId=detector)["ScanResourceCriteria"], criteria, "settings")


def main():
    api = client(ADMIN)
    detector = detectors(api)
    findings(api, detector)
    filters(api, detector)
    for name, word, most in (("ip_set", "IpSet", 1), ("threat_intel_set", "ThreatIntelSet", 6), ("trusted_entity_set", "TrustedEntitySet", 1), ("threat_entity_set", "ThreatEntitySet", 6)):
        lists(api, detector, name, word, most)
    destinations(api, detector)
    members(api, detector)
    organization(api, detector)
    tags(api, detector)
    coverage_and_usage(api, detector)
    malware(api, detector)
    api.delete_detector(DetectorId=detector)
    same(api.list_detectors()["DetectorIds"], [], "detectors at last")
    missing = set(api.meta.service_model.operation_names) - checker.called
    if missing:
        checker.found.append(f"not called: {', '.join(sorted(missing))}")
    if checker.found:
        sys.exit("\n".join(checker.found))
    print(f"{len(checker.called)} operations answered as the model says")


main()
