/* SPDX-License-Identifier: MIT */
/*
 * Lua 5.4 as a runtime under test, through its interface in C: gcmatrix stress --runtime runtime-lua
 *
 * Names are places of Lua's own stack. An object with an even number is a full userdata, whose user values are
 * its fields. One with an odd number is a table, with its fields at 1, 2, 3 and so on, and its number at 0. So what
 * is tested is Lua's own marking of stacks, and both kinds of barrier. A table with weak values tells which
 * objects are alive. Lua clears an entry when a collection finds the object dead.
 *
 * usage: runtime-lua [incremental | generational]
 */
#include <lauxlib.h>
#include <lua.h>
#include <stdlib.h>
#include <string.h>

#include "harness/stress/runtime/gcmatrix-stress.h"

enum { BORN = 1, NAMES }; /* the places of the weak table, and of the first name */
enum { FRAMES_MAX = 1 << 16, FIELDS_MAX = USHRT_MAX };

struct lua {
    lua_State *state;
    int frames[FRAMES_MAX]; /* where each frame begins */
    int frame_count;
};

static int place_of(uint32_t slot)
{
    return NAMES + (int)slot;
}

/* Ends the process where Lua has no room for a program, which is no finding about its collector. */
static void need(lua_State *state, bool able, const char *what)
{
    if (!able)
        luaL_error(state, "the example has no room for %s", what);
}

/* Puts the object in a field of the object on top of the stack in the place of that object. */
static void follow(lua_State *state, uint32_t field)
{
    if (lua_istable(state, -1))
        lua_rawgeti(state, -1, (lua_Integer)field + 1);
    else
        lua_getiuservalue(state, -1, (int)field + 1);
    lua_remove(state, -2);
}

/* Pushes the object at a path. A path of NULL is null. */
static void push(lua_State *state, const struct gcmatrix_stress_path *path)
{
    if (!path) {
        lua_pushnil(state);
        return;
    }
    lua_pushvalue(state, place_of(path->slot));
    for (size_t i = 0; i < path->length; i++)
        follow(state, path->fields[i]);
}

static void names_add(lua_State *state, uint32_t count)
{
    need(state, lua_checkstack(state, (int)count + 8), "so many names");
    lua_settop(state, lua_gettop(state) + (int)count);
}

static void do_begin(void *self, uint32_t slots)
{
    struct lua *lua = self;
    lua->frame_count = 0;
    lua_settop(lua->state, 0);
    lua_newtable(lua->state); /* setmetatable({}, {__mode = "v"}) */
    lua_newtable(lua->state);
    lua_pushliteral(lua->state, "v");
    lua_setfield(lua->state, -2, "__mode");
    lua_setmetatable(lua->state, BORN);
    names_add(lua->state, slots);
}

static void do_enter(void *self, uint32_t slots)
{
    struct lua *lua = self;
    need(lua->state, lua->frame_count < FRAMES_MAX, "so many frames");
    lua->frames[lua->frame_count++] = lua_gettop(lua->state);
    names_add(lua->state, slots);
}

static void do_leave(void *self)
{
    struct lua *lua = self;
    lua_settop(lua->state, lua->frames[--lua->frame_count]);
}

/* Pushes a new userdata. Its block has its number, and then its payload. */
static void push_userdata(lua_State *state, const struct gcmatrix_stress_object *object)
{
    need(state, object->fields <= FIELDS_MAX, "so many fields");
    size_t bytes = sizeof object->number + object->payload;
    char *block = lua_newuserdatauv(state, bytes, (int)object->fields);
    memcpy(block, &object->number, sizeof object->number);
    memset(block + sizeof object->number, 0x5a, object->payload);
}

/* Pushes a new table. Its payload is a string. */
static void push_table(lua_State *state, const struct gcmatrix_stress_object *object)
{
    luaL_Buffer buffer;
    lua_createtable(state, (int)object->fields, 2);
    lua_pushinteger(state, object->number);
    lua_rawseti(state, -2, 0);
    memset(luaL_buffinitsize(state, &buffer, object->payload), 0x5a, object->payload);
    luaL_pushresultsize(&buffer, object->payload);
    lua_setfield(state, -2, "payload");
}

static void do_make(void *self, uint32_t slot, const struct gcmatrix_stress_object *object)
{
    struct lua *lua = self;
    if (object->number % 2)
        push_table(lua->state, object);
    else
        push_userdata(lua->state, object);
    lua_pushvalue(lua->state, -1);
    lua_rawseti(lua->state, BORN, object->number);
    lua_replace(lua->state, place_of(slot));
}

static void do_set(void *self, uint32_t slot, const struct gcmatrix_stress_path *value)
{
    struct lua *lua = self;
    push(lua->state, value);
    lua_replace(lua->state, place_of(slot));
}

static void do_move(void *self, uint32_t to, uint32_t from)
{
    struct lua *lua = self;
    lua_pushvalue(lua->state, place_of(from));
    lua_pushnil(lua->state);
    lua_replace(lua->state, place_of(from));
    lua_replace(lua->state, place_of(to));
}

static void do_store(void *self, const struct gcmatrix_stress_path *holder, uint32_t field,
                     const struct gcmatrix_stress_path *value)
{
    struct lua *lua = self;
    push(lua->state, holder);
    push(lua->state, value);
    if (lua_istable(lua->state, -2))
        lua_rawseti(lua->state, -2, (lua_Integer)field + 1);
    else
        lua_setiuservalue(lua->state, -2, (int)field + 1);
    lua_pop(lua->state, 1);
}

static void do_collect(void *self, bool full)
{
    struct lua *lua = self;
    if (full)
        lua_gc(lua->state, LUA_GCCOLLECT);
    else
        lua_gc(lua->state, LUA_GCSTEP, 0);
}

/* Returns the number of the object on top of the stack, which goes; 0 of nil. */
static uint32_t pop_number(lua_State *state)
{
    uint32_t number = 0;
    if (lua_istable(state, -1)) {
        lua_rawgeti(state, -1, 0);
        number = (uint32_t)lua_tointeger(state, -1);
        lua_pop(state, 1);
    } else if (lua_isuserdata(state, -1)) {
        memcpy(&number, lua_touserdata(state, -1), sizeof number);
    }
    lua_pop(state, 1);
    return number;
}

static uint32_t do_read(void *self, const struct gcmatrix_stress_path *holder, uint32_t field)
{
    struct lua *lua = self;
    push(lua->state, holder);
    follow(lua->state, field);
    return pop_number(lua->state);
}

static bool do_alive(void *self, uint32_t number)
{
    struct lua *lua = self;
    lua_rawgeti(lua->state, BORN, number);
    return pop_number(lua->state) == number;
}

static const struct gcmatrix_stress_runtime runtime = {
    .name = "Lua",
    .promises = "reclaims_cycles",
    .begin = do_begin,
    .enter = do_enter,
    .leave = do_leave,
    .make = do_make,
    .set = do_set,
    .move = do_move,
    .store = do_store,
    .collect = do_collect,
    .read = do_read,
    .alive = do_alive,
};

int main(int argc, char **argv)
{
    static struct lua lua;
    lua.state = luaL_newstate();
    if (!lua.state)
        return 2;
    if (argc > 1 && strcmp(argv[1], "generational") == 0)
        lua_gc(lua.state, LUA_GCGEN, 0, 0);
    int status = gcmatrix_stress_serve(&runtime, &lua);
    lua_close(lua.state);
    return status;
}
