// Looks at the clock for so many seconds and does nothing else; prints in microseconds what a server that answers at once
// would be late on this core: "p99 p99.9 longest gaps".
// gaps SECONDS
#include "gaps.h"

int main(int count, char **words) {
    if (count != 2) return fprintf(stderr, "usage: gaps SECONDS\n"), 2;
    struct gaps gaps = {0};
    int64_t longest = 0, end = now() + atof(words[1]) * 1e9;
    for (int64_t time; (time = now()) < end;) note(&gaps, time);
    for (size_t i = 0; i < gaps.count; i++)
        if (gaps.lengths[i] > longest) longest = gaps.lengths[i];
    printf("%.0f %.0f %.0f %zu\n", quantile(&gaps, 0.99) / 1e3, quantile(&gaps, 0.999) / 1e3, longest / 1e3,
           gaps.count);
    return 0;
}
