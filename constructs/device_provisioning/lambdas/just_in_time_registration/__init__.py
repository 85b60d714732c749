"""Just-in-time registration: what becomes of a certificate that AWS IoT sees for the first time.

AWS IoT publishes an event whenever a certificate of a registered CA connects that is pending activation, and
drops the connection (https://docs.aws.amazon.com/iot/latest/developerguide/auto-register-device-cert.html).
"""
