// The seven scenes in their order.

function scenesOf(engine, data) {
  const particle = new Particle(engine, data);
  return [
    contactScene(engine, data), restScene(particle), diodeScene(particle), limitsScene(particle), voltsScene(particle, data),
    carriersScene(engine, data), controlsScene(engine, data),
  ];
}
