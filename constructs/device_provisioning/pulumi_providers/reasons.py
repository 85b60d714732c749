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
    NAME_IN_USE = (
        "{error}; it is not as this program declares it, so it is another stack's or was made by hand: choose"
        " another template_name, or take it over by `device-provisioning adopt {name}`"
    )
    NOT_TAKEN_BACK = (
        "{cause}; what had been changed could not be undone: {error}: check it with"
        " `device-provisioning template status {name}`, then `pulumi up --refresh`"
    )
    DEVICES_NOT_TAKEN_BACK = (
        "{cause}; what had been written could not be undone: {error}: run `pulumi up` again;"
        " devices that have left the code since may still be listed, so look for them and block them"
    )
