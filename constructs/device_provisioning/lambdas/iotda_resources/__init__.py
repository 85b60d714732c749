"""Custom resources for Huawei Cloud IoTDA; shipped with the vendor's SDK and the client over it."""
