"""Files that edge devices are set up with: Greengrass core devices and Panorama devices."""
