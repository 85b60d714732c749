"""Who enrolled, and when: the allow list beside what AWS IoT has."""
