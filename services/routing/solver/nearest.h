/* The k smallest of many, by key and then by index. */
#pragma once
#include <stdint.h>

static inline uint64_t keyed(int64_t key, int32_t index)
{
    uint64_t high = key < 0 ? 0 : key > UINT32_MAX ? UINT32_MAX : (uint64_t)key;
    return high << 32 | (uint32_t)index;
}

static inline int32_t index_of(uint64_t keyed)
{
    return (int32_t)(uint32_t)keyed;
}

/* Puts the smallest `most` to the front, sorted; returns how many those are. */
int32_t nearest(uint64_t keys[], int32_t count, int32_t most);
