"""Registration tasks of AWS IoT: started, followed, reported."""
