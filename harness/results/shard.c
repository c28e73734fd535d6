/* SPDX-License-Identifier: MIT */
#include "harness/results/shard.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "harness/results/store.h"

bool shard_read(const char *text, struct shard *ret_shard)
{
    struct shard shard;
    const char *slash = strchr(text, '/');
    if (!slash)
        return false;
    char *index = text_format("%.*s", (int)(slash - text), text);
    bool is = number_integer_read(index, STORE_BLOCKS_MOST, &shard.index) == 0 &&
              number_integer_read(slash + 1, STORE_BLOCKS_MOST, &shard.count) == 0 && shard.index >= 1 &&
              shard.index <= shard.count;
    free(index);
    if (is)
        *ret_shard = shard;
    return is;
}

json_t *shard_describe(struct shard shard)
{
    return json_pack("{sI sI}", "index", (json_int_t)shard.index, "of", (json_int_t)shard.count);
}

struct shard shard_of_manifest(const json_t *manifest)
{
    const json_t *shard = json_object_get(manifest, "shard");
    if (!shard)
        return SHARD_WHOLE;
    return (struct shard){.index = (uint64_t)json_integer_value(json_object_get(shard, "index")),
                          .count = (uint64_t)json_integer_value(json_object_get(shard, "of"))};
}

bool shard_fits(const json_t *manifest, uint64_t blocks)
{
    const json_t *shard = json_object_get(manifest, "shard");
    json_int_t index = json_integer_value(json_object_get(shard, "index"));
    json_int_t count = json_integer_value(json_object_get(shard, "of"));
    return !shard || (index >= 1 && index <= count && (uint64_t)count <= blocks);
}
