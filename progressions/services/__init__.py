"""One function for each thing a person does: permission, load, pure steps, save, in one transaction."""
