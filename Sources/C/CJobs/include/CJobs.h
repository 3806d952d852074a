/* Takes the jobs of Swift's runtime that prefer no executor away from its own pool. */
#ifndef POSTROAD_JOBS_H
#define POSTROAD_JOBS_H

/* Takes a job. */
typedef void (*cjobs_take)(void *job);

/* From now on all such jobs of the process go there; to be called once, before the first one. Jobs of `Task.sleep` are not
   among them: the runtime waits for them itself.
   A job for the main actor ends the process with a message: nobody would run it. */
void cjobs_take_over(cjobs_take take);

/* Runs a job that was taken, on the runtime's generic executor. */
void cjobs_run(void *job);

#endif
