"""That AWS Panorama is over, and what comes after it.

https://docs.aws.amazon.com/panorama/latest/dev/panorama-end-of-life.html
"""

END_OF_SUPPORT = "2026-05-31"
"""The day on which AWS ended its support."""
END_OF_SUPPORT_WARNING = (
    f"AWS ended the support of AWS Panorama on {END_OF_SUPPORT}: nothing answers there unless endpoint_url"
    " names an endpoint of yours that does; define GreengrassCoreDevices for devices at the edge instead"
)
"""What every synthesis of a Panorama device says."""
