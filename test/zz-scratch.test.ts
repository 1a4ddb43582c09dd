import { test } from "vitest";
import { Engine } from "/work/main/src/solver/engine.js";
import { collide, kernelOf, stateOf } from "/work/main/test/collision-twin.js";
function rng(seed:number){return()=>{seed=(seed*1664525+1013904223)>>>0;return seed/2**32}}
test("x", async()=>{
  const u=rng(5);
  const rows:any[]=[];
  for(let c=0;c<300;c++){
    const N=4+Math.floor(u()*197); const eps=c%3===0?0:10**(u()*16-8);
    const uniform=c%2===0; const faces=new Float64Array(N+1); for(let i=1;i<=N;i++)faces[i]=faces[i-1]!+(uniform?1:0.1+u());
    const R=10**(u()*6-3); for(let i=1;i<=N;i++)faces[i]!*=R/faces[N]!;
    const kind=c%4; const amp=[0.1,5,30,60][kind]!; const rough=u();
    let p=0; const phi=Array.from({length:N},(_,i)=>{ p+=(u()-0.5)*amp*0.3; return rough<0.5?(u()*2-1)*amp:p-(i/N)**2*amp; });
    const state=stateOf(phi.map(p=>p-(eps>0?Math.log(eps):0)),eps);
    
    const e=await Engine.create(faces,eps);const k=kernelOf(faces,e.nodes); const t=collide(k,state,eps); const d=await Engine.create(faces,eps,"debug");
    e.setState(state.f,state.h); d.setState(state.f,state.h); const r=e.rate(), rd=d.rate();
    let same=true; let wV=0,wx=0,wdx=0; for(let i=0;i<N;i++){ if(r[i]!==rd[i])same=false; wV=Math.max(wV,Math.abs(e.volumes[i]!/k.V[i]!-1)); wx=Math.max(wx,Math.abs(e.nodes[i]!/k.x[i]!-1)); if(i)wdx=Math.max(wdx,Math.abs((e.nodes[i]!-e.nodes[i-1]!)/k.dx[i]!-1));}
    let s1=0,s2=0; for(let j=1;j<N;j++){s1+=k.dx[j]!*t.gross[j]!; }
    for(let j=1;j<N;j++)s2+=k.dx[j]!*k.rho[j]!*t.mean[j]!; const G=t.gross.map((g,j)=>g+k.rho[j]!*t.mean[j]!*s1/s2);
    let w=0,w2=0; for(let i=0;i<N;i++){ const g=G[i]!+G[i+1]!; const err=Math.abs(r[i]!-t.rate[i]!)*k.V[i]!; w=Math.max(w,err/g);}
    rows.push([N,uniform,amp,rough<0.5,eps.toExponential(0),same,w/2.2e-16,w/2.2e-16/N,wV/2.2e-16,wx/2.2e-16,wdx/2.2e-16/N]);
  }
  rows.sort((a,b)=>b[6]-a[6]); for(const r of rows.slice(0,25))console.log(r.join(" "));
  console.log(rows.filter(r=>!r[5]).length, Math.max(...rows.map(r=>r[8])),Math.max(...rows.map(r=>r[9])),Math.max(...rows.map(r=>r[10])));
});
