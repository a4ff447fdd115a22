// The system's zlib: https://zlib.net/manual.html
#pragma once
#include <zlib.h>
