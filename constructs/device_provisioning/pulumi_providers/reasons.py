"""What a resource of this library says when it can't be deployed, besides what AWS and Huawei Cloud say."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a deployment ends; ``{}`` marks what the program or the cloud fills in."""

    OTHER_ACCOUNT = (
        "the AWS provider is of account {account}, but the credentials that this resource would use are of"
        " {own}: give both the same, by AWS_PROFILE or aws:profile"
    )
    NO_CREDENTIALS = (
        "there are no credentials of Huawei Cloud: pulumi config set --secret huaweicloud:accessKey and"
        " huaweicloud:secretKey, or huaweicloud:token, or set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK"
    )
    NOT_TAKEN_BACK = (
        "{cause}; what was changed until then could not be taken back: {error}: look at it with"
        " `device-provisioning template status {name}`, then `pulumi up --refresh`"
    )
