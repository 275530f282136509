#include "lib/base/array.h"
#include "services/workforce/domain/check_rule.h"
#include <criterion/criterion.h>
#include <string.h>

Test(check_rule, table)
{
    const struct {
        const char *rule, *fault; /* NULL: it passes; else words that the fault must hold */
    } rows[] = {
        { "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU", NULL },
        { "BYDAY=MO;FREQ=WEEKLY", NULL },
        { "FREQ=DAILY", NULL },
        { "FREQ=DAILY;UNTIL=20271231", NULL },
        { "FREQ=DAILY;INTERVAL=4", NULL },
        { "FREQ=MONTHLY;BYDAY=-1FR,+2MO", NULL },
        { "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", NULL },
        { "FREQ=MONTHLY;BYMONTHDAY=1,-1", NULL },
        { "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", NULL },
        { "FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=30", NULL },
        { "FREQ=YEARLY;BYDAY=20MO", NULL },
        { "FREQ=WEEKLY;WKST=MO;COUNT=400", NULL },
        { "", "nie rozumiemy" },
        { "FREQ", "FREQ:" },
        { "FREQ=", "FREQ:" },
        { "FREQ=SECONDLY", "FREQ:" },
        { "FREQ=MINUTELY", "FREQ:" },
        { "FREQ=HOURLY", "FREQ:" },
        { "FREQ=weekly", "FREQ:" },
        { "BYDAY=MO", "musi mieć FREQ" },
        { "FREQ=DAILY;", "nie rozumiemy" },
        { "FREQ=DAILY;FREQ=DAILY", "dwa razy" },
        { "FREQ=DAILY;BYHOUR=1", "nie rozumiemy" },
        { "FREQ=DAILY;BYSECOND=0", "nie rozumiemy" },
        { "FREQ=YEARLY;BYYEARDAY=1", "nie rozumiemy" },
        { "FREQ=YEARLY;BYWEEKNO=20", "nie rozumiemy" },
        { "RSCALE=CHINESE;FREQ=YEARLY", "nie rozumiemy" },
        { "FREQ=DAILY;INTERVAL=0", "INTERVAL:" },
        { "FREQ=DAILY;INTERVAL=61", "INTERVAL:" },
        { "FREQ=DAILY;INTERVAL=-1", "INTERVAL:" },
        { "FREQ=DAILY;COUNT=0", "COUNT:" },
        { "FREQ=DAILY;COUNT=401", "COUNT:" },
        { "FREQ=DAILY;COUNT=3;UNTIL=20271231", "wykluczają" },
        { "FREQ=DAILY;UNTIL=20270230", "UNTIL:" },
        { "FREQ=DAILY;UNTIL=20271231T000000Z", "UNTIL:" },
        { "FREQ=WEEKLY;WKST=SU", "WKST:" },
        { "FREQ=WEEKLY;BYDAY=MO,", "BYDAY:" },
        { "FREQ=WEEKLY;BYDAY=PN", "BYDAY:" },
        { "FREQ=WEEKLY;BYDAY=1MO", "MONTHLY albo YEARLY" },
        { "FREQ=MONTHLY;BYDAY=0MO", "BYDAY:" },
        { "FREQ=MONTHLY;BYDAY=6MO", "tylu takich dni" },
        { "FREQ=YEARLY;BYMONTH=3;BYDAY=6MO", "tylu takich dni" },
        { "FREQ=YEARLY;BYDAY=54MO", "BYDAY:" },
        { "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=9", "nie łączą" },
        { "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2", "nie łączą" },
        { "FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY:" },
        { "FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY:" },
        { "FREQ=MONTHLY;BYMONTHDAY=+-3", "BYMONTHDAY:" },
        { "FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY jest tylko" },
        { "FREQ=DAILY;BYMONTHDAY=3", "BYMONTHDAY jest tylko" },
        { "FREQ=YEARLY;BYMONTHDAY=3", "BYMONTHDAY jest tylko" },
        { "FREQ=YEARLY;BYMONTH=13", "BYMONTH:" },
        { "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12", NULL },
        { "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12,1", "BYMONTH:" },
        { "FREQ=MONTHLY;BYMONTHDAY=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
          NULL },
        { "FREQ=MONTHLY;BYMONTHDAY=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
          "BYMONTHDAY:" },
        { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "Żaden" },
        { "FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=-31", "Żaden" },
        { "FREQ=DAILY;INTERVAL=7;BYDAY=TU", "DAILY z INTERVAL" },
        { "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3", "MONTHLY z INTERVAL" },
        { "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5", "BYSETPOS:" },
        { "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1", "BYSETPOS jest" },
        { "FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS jest" },
    };

    EACH (row, rows) {
        const char *fault = rule_fault(text_of(row->rule));
        cr_expect_eq(fault == NULL, row->fault == NULL, "\"%s\": %s", row->rule,
                     fault ? fault : "passes");
        if (fault && row->fault)
            cr_expect(strstr(fault, row->fault), "\"%s\": %s", row->rule, fault);
    }
}

Test(check_rule, length)
{
    char rule[256] = "FREQ=WEEKLY;BYDAY=MO";

    while (strlen(rule) + 3 <= 200)
        strcat(rule, ",MO");
    cr_expect_null(rule_fault(text_of(rule)));
    strcat(rule, ",MO");
    cr_expect(strstr(rule_fault(text_of(rule)), "200 znaków"));
}
