/* Photos and signatures: raw bytes in, checked for what they are, kept sealed. */
#include "lib/service/person/seal.h"
#include "lib/service/service.h"
#include "services/visits/domain/image_header.h"
#include "services/visits/domain/need_to_know.h"
#include "services/visits/handlers.h"
#include <sodium.h>

enum { PICTURES_MOST = 40 }; /* of one visit */

static struct error read_picture(struct turn *turn, struct image_header *ret_header)
{
    struct text rest, type = text_cut(text_of(request_header(turn, "content-type")), ';', &rest);

    switch (image_header_read(request_body(turn), ret_header)) {
    case IMAGE_UNKNOWN:
        return rejected(PROBLEM_MEDIA_TYPE, NULL, "the body is neither JPEG nor PNG");
    case IMAGE_BROKEN:
        return refuse_field(turn, "", "picture", "Nagłówek obrazu jest uszkodzony");
    case IMAGE_TOO_LARGE:
        return refuse_field(turn, "", "pixels", "Obraz może mieć najwyżej 40 megapikseli");
    case IMAGE_GOOD:
        break;
    }
    if (!text_is(text_trim(type), image_media_type(ret_header->kind)))
        return rejected(PROBLEM_MEDIA_TYPE, "Content-Type", "\"%.*s\" for a body of %s",
                        (int)(type.length < 40 ? type.length : 40), type.at ? type.at : "",
                        image_media_type(ret_header->kind));
    return OK;
}

static struct error load_proof_course(struct turn *turn, struct course *ret_course)
{
    struct course_list courses = { 0 };

    TRY(load_own_courses(turn, &courses));
    size_t at = proof_course(courses.at, courses.count, turn->actor.id);
    if (at == courses.count)
        return no_such_visit(turn);
    *ret_course = courses.at[at];
    return OK;
}

static struct error check_room(struct turn *turn, const struct course *course)
{
    ProofFile **files;
    size_t count;

    TRY(store_load_proof(turn, course->visit_id, &count, &files));
    if (count >= PICTURES_MOST)
        return refuse_field(turn, "", "count", "Wizyta może mieć najwyżej 40 zdjęć i podpisów");
    return OK;
}

static const char *hash_of(struct turn *turn, struct text bytes)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof hash + 1];

    crypto_hash_sha256(hash, (const unsigned char *)bytes.at, bytes.length);
    return arena_string(turn->arena, sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
}

static struct error save_picture(struct turn *turn, const struct course *course,
                                 struct proof_picture *picture, struct text bytes)
{
    struct sealed sealed = seal_keep(turn, course->person_id, bytes);
    char stored[65];

    TRY(file_keep(sealed.bytes, stored));
    picture->stored = arena_string(turn->arena, stored);
    picture->seal_id = sealed.id;
    store_save_proof(turn, course, picture);
    return OK;
}

static struct error keep_picture(struct turn *turn, const char *kind, struct reply *reply)
{
    struct text bytes = request_body(turn);
    FileReply *kept = ARENA_NEW(turn->arena, FileReply);
    struct proof_picture picture = { .kind = kind, .sha256 = hash_of(turn, bytes) };
    struct image_header header;
    struct course course = { 0 };
    bool is_known;

    TRY(load_proof_course(turn, &course));
    TRY(read_picture(turn, &header));
    TRY(check_room(turn, &course));
    picture.media_type = image_media_type(header.kind);
    picture.size = (int64_t)bytes.length;
    picture.width = header.width;
    picture.height = header.height;
    TRY(store_has_proof(turn, course.visit_id, kind, picture.sha256, &is_known));
    if (!is_known)
        TRY(save_picture(turn, &course, &picture, bytes));
    file_reply__init(kept);
    kept->sha256 = picture.sha256;
    kept->size = picture.size;
    kept->media_type = picture.media_type;
    reply->message = kept;
    reply->is_new = true;
    return OK;
}

struct error post_photo(struct turn *turn, const void *message, struct reply *reply)
{
    const char *kind = query_parameter(turn, "kind");

    (void)message;
    if (!string_is(kind, "before") && !string_is(kind, "after"))
        return rejected(PROBLEM_INVALID, "kind", "kind \"%.20s\" is neither before nor after",
                        kind);
    return keep_picture(turn, kind, reply);
}

struct error post_signature(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    return keep_picture(turn, "signature", reply);
}

/* A technician sees the pictures that he took himself, as long as he may see the customer. */
static struct error check_technician(struct turn *turn)
{
    struct course course = { 0 };

    if (turn->actor.kind != ACTOR_TECHNICIAN)
        return OK;
    TRY(load_proof_course(turn, &course));
    return window_contains(need_to_know(&course), turn->now) ? OK : no_such_visit(turn);
}

struct error get_file(struct turn *turn, const void *message, struct reply *reply)
{
    const char *work_order_id = path_parameter(turn, "work_order_id");
    const char *sha256 = path_parameter(turn, "sha256");
    const char *technician_id;
    struct proof_picture picture;

    (void)message;
    if (!id_valid(work_order_id))
        return no_such_visit(turn);
    TRY(check_technician(turn));
    TRY(store_find_proof(turn, work_order_id, sha256, &picture, &technician_id));
    bool is_anothers =
        turn->actor.kind == ACTOR_TECHNICIAN && !string_is(technician_id, turn->actor.id);
    if (!picture.media_type[0] || is_anothers)
        return rejected(PROBLEM_NOT_FOUND, "sha256", "%.40s has no file %.70s", work_order_id,
                        sha256);
    reply->content_type = picture.media_type;
    reply_header(reply, "X-Content-Type-Options", "nosniff");
    reply_header(reply, "Cache-Control", "private, max-age=3600");
    TRY(file_read(picture.stored, turn->arena, &reply->body));
    return picture.seal_id[0] ? seal_open(turn, picture.seal_id, reply->body, &reply->body) : OK;
}
