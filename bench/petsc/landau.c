/*
 * Relaxes a mixture of Maxwellians with PETSc's DMPlexLandau (axisymmetric 2V finite elements, classical Coulomb
 * collisions, one species) by implicit midpoint steps of equal size, and prints after each the time and
 * integrals of f as JSON lines. Velocities are in sqrt(kT/m) of the 1 keV set below; PETSc's time times 8π is that
 * of the equation with kernel factor 1/(8π), where ∫f = 1 initially.
 *
 *   landau -density 0.7,0.3 -temperature 0.5,2 -until 100 -steps 38 [-dm_refine 1] ...DMPlexLandau's own options
 */
#include <petscdmcomposite.h>
#include <petscts.h>
#include <petscds.h>
#include <petscsnes.h>
#include <petsclandau.h>
#include <time.h>

typedef struct {
  PetscInt  count;
  PetscReal density[8], temperature[8];
} Mixture;

static Mixture mixture;
static double  moments[4]; /* integrals of f, |v|^2 f, |v|^4 f, f^2 */

#define ARGUMENTS \
  PetscInt dim, PetscInt Nf, PetscInt NfAux, const PetscInt uOff[], const PetscInt uOff_x[], const PetscScalar u[], const PetscScalar u_t[], \
    const PetscScalar u_x[], const PetscInt aOff[], const PetscInt aOff_x[], const PetscScalar a[], const PetscScalar a_t[], const PetscScalar a_x[], \
    PetscReal t, const PetscReal x[], PetscInt numConstants, const PetscScalar constants[], PetscScalar value[]
#define SQUARE (x[0] * x[0] + x[1] * x[1])

/* The mixture, as the right-hand side of its projection. */
static void Source(ARGUMENTS)
{
  value[0] = 0;
  for (PetscInt k = 0; k < mixture.count; k++) {
    PetscReal T = mixture.temperature[k];
    value[0] += 2 * PETSC_PI * x[0] * mixture.density[k] * PetscPowReal(2 * PETSC_PI * T, -1.5) * PetscExpReal(-SQUARE / (2 * T));
  }
}
static void Mass(ARGUMENTS) { value[0] = 2 * PETSC_PI * x[0] * u[0]; }
static void Energy(ARGUMENTS) { value[0] = 2 * PETSC_PI * x[0] * SQUARE * u[0]; }
static void Moment4(ARGUMENTS) { value[0] = 2 * PETSC_PI * x[0] * SQUARE * SQUARE * u[0]; }
static void Squared(ARGUMENTS) { value[0] = 2 * PETSC_PI * x[0] * u[0] * u[0]; }

/* X = projection of the mixture in L2: keeps the moments up to |v|^4, which elements of degree 4 contain. */
static PetscErrorCode Project(DM pack, Vec X)
{
  LandauCtx *context;
  PetscDS    ds;
  Vec        local, residual, right, x;
  KSP        ksp;
  PC         pc;

  PetscFunctionBegin;
  PetscCall(DMGetApplicationContext(pack, &context));
  DM plex = context->plex[0];
  PetscCall(DMGetDS(plex, &ds));
  PetscCall(PetscDSSetResidual(ds, 0, Source, NULL));
  PetscCall(DMCreateLocalVector(plex, &local));
  PetscCall(VecDuplicate(local, &residual));
  PetscCall(VecZeroEntries(local));
  PetscCall(VecZeroEntries(residual));
  PetscCall(DMPlexSNESComputeResidualFEM(plex, local, residual, NULL));
  PetscCall(DMCreateGlobalVector(plex, &right));
  PetscCall(VecZeroEntries(right));
  PetscCall(DMLocalToGlobal(plex, residual, ADD_VALUES, right));
  PetscCall(KSPCreate(PETSC_COMM_SELF, &ksp));
  PetscCall(KSPSetOperators(ksp, context->M, context->M));
  PetscCall(KSPSetType(ksp, KSPPREONLY));
  PetscCall(KSPGetPC(ksp, &pc));
  PetscCall(PCSetType(pc, PCLU));
  PetscCall(DMCompositeGetAccessArray(pack, X, 1, NULL, &x));
  PetscCall(KSPSolve(ksp, right, x));
  PetscCall(DMCompositeRestoreAccessArray(pack, X, 1, NULL, &x));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(VecDestroy(&right));
  PetscCall(VecDestroy(&residual));
  PetscCall(VecDestroy(&local));
  PetscFunctionReturn(0);
}

static PetscErrorCode Integrate(DM pack, Vec X)
{
  void (*objectives[])(ARGUMENTS) = {Mass, Energy, Moment4, Squared};
  LandauCtx *context;
  PetscDS    ds;
  Vec        x;

  PetscFunctionBegin;
  PetscCall(DMGetApplicationContext(pack, &context));
  PetscCall(DMGetDS(context->plex[0], &ds));
  PetscCall(DMCompositeGetAccessArray(pack, X, 1, NULL, &x));
  for (int k = 0; k < 4; k++) {
    PetscScalar value;
    PetscCall(PetscDSSetObjective(ds, 0, objectives[k]));
    PetscCall(DMPlexComputeIntegralFEM(context->plex[0], x, &value, context));
    moments[k] = value;
  }
  PetscCall(DMCompositeRestoreAccessArray(pack, X, 1, NULL, &x));
  PetscFunctionReturn(0);
}

static PetscErrorCode Print(TS ts, PetscInt step, PetscReal time, Vec X, void *pack)
{
  PetscInt       size;
  PetscReal      least;
  PetscLogDouble seconds;

  PetscFunctionBegin;
  PetscCall(Integrate((DM)pack, X));
  PetscCall(VecGetSize(X, &size));
  PetscCall(VecMin(X, NULL, &least));
  seconds = (double)clock() / CLOCKS_PER_SEC;
  PetscCall(PetscPrintf(PETSC_COMM_SELF,
                        "{\"time\": %.17g, \"mass\": %.17g, \"energy\": %.17g, \"moment4\": %.17g, \"squared\": %.17g, \"minimum\": %.6g, \"dofs\": %d, \"seconds\": %.6f}\n",
                        (double)(time * 8 * PETSC_PI), moments[0], moments[1], moments[2], moments[3], (double)least, (int)size, seconds));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  DM             pack;
  Vec            X;
  Mat            J;
  TS             ts;
  SNES           snes;
  SNESLineSearch search;
  PetscInt       count = 8, steps = 38;
  PetscReal      until = 100;

  PetscFunctionBeginUser;
  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  mixture.count = 8;
  PetscCall(PetscOptionsGetRealArray(NULL, NULL, "-density", mixture.density, &mixture.count, NULL));
  PetscCall(PetscOptionsGetRealArray(NULL, NULL, "-temperature", mixture.temperature, &count, NULL));
  PetscCheck(count == mixture.count, PETSC_COMM_SELF, PETSC_ERR_ARG_SIZ, "as many temperatures as densities");
  PetscCall(PetscOptionsGetReal(NULL, NULL, "-until", &until, NULL));
  PetscCall(PetscOptionsGetInt(NULL, NULL, "-steps", &steps, NULL));

  PetscCall(DMPlexLandauCreateVelocitySpace(PETSC_COMM_SELF, 2, "", &X, &J, &pack));
  PetscCall(DMSetUp(pack));
  PetscCall(Project(pack, X));

  PetscCall(TSCreate(PETSC_COMM_SELF, &ts));
  PetscCall(TSSetDM(ts, pack));
  PetscCall(TSSetIFunction(ts, NULL, DMPlexLandauIFunction, NULL));
  PetscCall(TSSetIJacobian(ts, J, J, DMPlexLandauIJacobian, NULL));
  PetscCall(TSSetType(ts, TSTHETA));
  PetscCall(TSThetaSetTheta(ts, 0.5));
  PetscCall(TSSetTimeStep(ts, until / (8 * PETSC_PI) / steps));
  PetscCall(TSSetMaxSteps(ts, steps));
  PetscCall(TSSetMaxTime(ts, PETSC_MAX_REAL));
  PetscCall(TSSetExactFinalTime(ts, TS_EXACTFINALTIME_STEPOVER));
  PetscCall(TSMonitorSet(ts, Print, pack, NULL));
  PetscCall(TSGetSNES(ts, &snes));
  PetscCall(SNESGetLineSearch(snes, &search));
  PetscCall(SNESLineSearchSetType(search, SNESLINESEARCHBASIC));
  PetscCall(TSSetFromOptions(ts));
  PetscCall(TSSetSolution(ts, X));
  PetscCall(TSSolve(ts, X));

  PetscCall(TSDestroy(&ts));
  PetscCall(VecDestroy(&X));
  PetscCall(DMPlexLandauDestroyVelocitySpace(&pack));
  PetscCall(PetscFinalize());
  return 0;
}
