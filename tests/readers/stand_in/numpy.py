"""What compare.py takes from NumPy."""


class array(list):
    def any(self):
        return any(self)
