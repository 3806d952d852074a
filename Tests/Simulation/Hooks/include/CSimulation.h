/* Lets one thread of a process run all of Swift's jobs itself, in an order of its own. */
#ifndef POSTROAD_SIMULATION_H
#define POSTROAD_SIMULATION_H

/* Takes a job that Swift's own pool would run, with what was given to simulation_enter. */
typedef void (*simulation_enqueue)(void *scheduler, void *job);

/* From now on this thread hands its jobs to `enqueue`; other threads keep Swift's pool. */
void simulation_enter(void *scheduler, simulation_enqueue enqueue);

/* Gives this thread's jobs back to Swift's pool. */
void simulation_leave(void);

/* The address of the code that a job goes on with: the same for the same await of the same program. */
unsigned long simulation_resumption(void *job);

/* Runs a job that was taken, on Swift's generic executor. */
void simulation_run(void *job);

#endif
