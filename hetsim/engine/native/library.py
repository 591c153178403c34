import ctypes
import os


def library():
    lib = ctypes.CDLL(os.environ.get("HETSIM_ENGINE_LIBRARY", "/tmp/w/i8.so"))
    lib.hetsim_memory.restype = ctypes.c_longlong
    return lib
