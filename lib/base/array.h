/* Counting and walking arrays whose size the compiler knows. */
#pragma once
#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Walks every element: EACH (row, rows) { row->name … } */
#define EACH(item, array)                                                                          \
    for (__typeof__(&(array)[0]) item = (array); item < (array) + COUNT(array); item++)
