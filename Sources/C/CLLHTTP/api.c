// Strict: an end of line is CR LF, and nothing else.
#define LLHTTP_STRICT_MODE 1
#include "/usr/share/llhttp/api.c"
