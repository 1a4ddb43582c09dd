// SI; e, h, k_B and c are exact, the others CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93, 025010, 2021).

/** e, C (and J per eV). */
export const elementaryCharge = 1.602176634e-19;
/** h, J s */
export const planck = 6.62607015e-34;
/** k_B, J/K */
export const boltzmann = 1.380649e-23;
/** ε₀, F/m */
export const vacuumPermittivity = 8.8541878128e-12;
/** m_e, kg */
export const electronMass = 9.1093837015e-31;
/** a₀, m */
export const bohrRadius = 5.29177210903e-11;
/** c, m/s */
export const lightSpeed = 299792458;
